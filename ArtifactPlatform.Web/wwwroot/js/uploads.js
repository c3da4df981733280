// Files stay in the browser: they go straight to the object store, and only their names and progress reach the dashboard.
const files = new Map();
const transfers = new Map();
const reportEveryMs = 200;
let lastId = 0;

// circuit.js asks this before it loads the page again.
globalThis.artifactTransfers = () => transfers.size;

addEventListener("beforeunload", event => {
  if (transfers.size > 0) {
    event.preventDefault();
  }
});

function take(list, page, method) {
  const chosen = Array.from(list, file => {
    const id = ++lastId;
    files.set(id, file);
    return { id, name: file.name, size: file.size, mime: file.type };
  });
  if (chosen.length > 0) {
    page.invokeMethodAsync(method, chosen);
  }
}

/** Reports the files chosen with a file input as `FilesChosen`. */
export function watchInput(input, page) {
  const report = () => {
    take(input.files, page, "FilesChosen");
    input.value = "";
  };
  input.addEventListener("change", report);
  // Someone was quicker than the connection.
  report();
}

/** Reports files dropped anywhere on the page as `FilesChosen`, unless a drop zone is there to take them; returns what stops it. */
export function watchDrops(page) {
  const stop = new AbortController();
  const carriesFiles = event => event.dataTransfer?.types.includes("Files");
  let depth = 0;
  const mark = () => document.documentElement.classList.toggle("is-dropping", depth > 0);
  const on = (type, handle) => addEventListener(type, event => {
    if (!carriesFiles(event)) {
      return;
    }
    // A file input takes what is dropped on it by itself.
    if (!event.target.matches?.("input[type=file]")) {
      event.preventDefault();
    }
    handle(event);
    mark();
  }, { signal: stop.signal });
  on("dragenter", () => { depth++; });
  on("dragleave", () => { depth--; });
  on("dragover", () => { });
  on("drop", event => {
    depth = 0;
    if (!document.querySelector("input[type=file]")) {
      take(event.dataTransfer.files, page, "FilesChosen");
    }
  });
  return { stop: () => stop.abort() };
}

/** PUTs a file; tells `queue` by `Progress(id, sentBytes)` and one of `Sent(id)` and `Failed(id, status)`. */
export function send(id, url, queue) {
  const file = files.get(id);
  const request = new XMLHttpRequest();
  transfers.set(id, request);
  let reportedAt = 0;
  request.upload.onprogress = event => {
    const now = performance.now();
    if (now - reportedAt >= reportEveryMs) {
      reportedAt = now;
      tell(queue, "Progress", id, event.loaded);
    }
  };
  request.onload = () => {
    transfers.delete(id);
    if (request.status >= 200 && request.status < 300) {
      files.delete(id);
      tell(queue, "Sent", id);
    } else {
      tell(queue, "Failed", id, request.status);
    }
  };
  request.onerror = () => {
    transfers.delete(id);
    tell(queue, "Failed", id, 0);
  };
  request.open("PUT", url);
  request.send(file);
}

/** Breaks off a transfer without a report. */
export function cancel(id) {
  transfers.get(id)?.abort();
  transfers.delete(id);
}

export function forget(ids) {
  for (const id of ids) {
    files.delete(id);
  }
}

// Without a circuit there is nobody to tell; the platform notices the finished file by itself.
function tell(queue, method, ...values) {
  queue.invokeMethodAsync(method, ...values).catch(() => { });
}
