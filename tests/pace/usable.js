// Notes when the home page can be used: it has its heading, its navigation and its tasks, and nothing is on its way any more.
(() => {
  const isThere = css => document.querySelector(css) !== null;
  const look = () => {
    const isUsable = isThere('main h1') && isThere('.nav-item') && isThere('.figure .big')
      && !isThere('main :is(.skeleton, .spinner), [aria-busy=true]');
    if (!isUsable) return requestAnimationFrame(look);
    // A message comes after the frame was painted and handed over.
    const channel = new MessageChannel();
    channel.port1.onmessage = () => { window.benchUsable = performance.now(); };
    channel.port2.postMessage(0);
  };
  requestAnimationFrame(look);
})();
