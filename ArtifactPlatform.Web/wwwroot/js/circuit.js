// Starts the live connection, and brings it back by itself: to the same circuit while the server still has it, else by
// loading the page again, which its address describes whole.
(() => {
  const overlay = document.getElementById("reconnect");
  // A connection that is back within this time was never missed.
  const quietMs = 700;
  const firstWaitMs = 300;
  const longestWaitMs = 2000;
  let recovering = false;

  const wait = ms => new Promise(done => setTimeout(done, ms));

  const serverAnswers = async () => {
    try {
      return (await fetch("/alive", { cache: "no-store" })).ok;
    } catch {
      return false;
    }
  };

  // Transfers run between the browser and the store; loading the page would break them off.
  const transfersRunning = () => globalThis.artifactTransfers?.() > 0;

  const reload = async () => {
    while (transfersRunning()) {
      await wait(500);
    }
    location.reload();
  };

  const recover = async () => {
    let pause = firstWaitMs;
    while (recovering) {
      await wait(pause);
      pause = Math.min(pause * 1.5, longestWaitMs);
      if (!recovering || !await serverAnswers()) {
        continue;
      }
      try {
        if (await Blazor.reconnect()) {
          return;
        }
      } catch {
        // The server was there and went again, or refuses the connection: a load of the page shows which.
      }
      if (recovering) {
        await reload();
        return;
      }
    }
  };

  const reconnectionHandler = {
    onConnectionDown: () => {
      if (recovering) {
        return;
      }
      recovering = true;
      setTimeout(() => { overlay.hidden = !recovering; }, quietMs);
      recover();
    },
    onConnectionUp: () => {
      recovering = false;
      overlay.hidden = true;
    },
  };

  Blazor.start({ circuit: { reconnectionHandler } });
})();
