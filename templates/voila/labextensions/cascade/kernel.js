// Voila begins when all extensions have answered.  This one adds nothing: it answers when the
// page's kernel is there, so that whatever needs no kernel is done while one starts.
var _JUPYTERLAB = window._JUPYTERLAB || {};
_JUPYTERLAB.cascade = {
  init() {},
  get: () => window.cascadeKernel.then(() => () => ({ __esModule: true, default: [] })),
};
