/** Compiles src/kernels/ (AssemblyScript) to WebAssembly. Nothing to compile yet. */
