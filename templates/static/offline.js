// Lets three pages without anybody's words be read without a network: what to do, and whom to ring.
if ("serviceWorker" in navigator) navigator.serviceWorker.register(document.body.dataset.worker).catch(() => {});
