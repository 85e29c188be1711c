/** The machine and the runtime, as the report states them. */
import { execFileSync } from 'node:child_process';
import { cpus, loadavg, totalmem } from 'node:os';

/** `node`: the program that ran Tidegate and the JavaScript peers. */
export function describeMachine(node) {
  const [{ model }] = cpus();
  const program =
    'const {node,v8}=process.versions;console.log(JSON.stringify({node,v8,a:process.arch,p:process.platform}))';
  const { node: nodeVersion, v8, a, p } = JSON.parse(execFileSync(node, ['-e', program], { encoding: 'utf8' }));
  return {
    cpu: model.trim(),
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: nodeVersion,
    nodeMajor: Number.parseInt(nodeVersion, 10),
    v8,
    /** Programs that wanted a core in the last minute, before the benchmark began: near zero if the machine is left alone. */
    load: loadavg()[0],
    platform: `${p} ${a}`,
    date: new Date().toISOString().slice(0, 10),
  };
}
