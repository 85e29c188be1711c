/** The names that brain.js takes from gpu.js when it is loaded. Its recurrent networks run on the CPU and call none of them. */
class Nothing {}
const name = (_, method) => method;
module.exports = {
  GPU: Nothing,
  Texture: Nothing,
  Kernel: Nothing,
  Input: Nothing,
  input: name,
  alias: name,
  utils: {},
};
