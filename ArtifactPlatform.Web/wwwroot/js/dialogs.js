// A dialog's first control has the focus from the moment the dialog is there, and what was focused before has it again
// when the dialog goes. In the step that adds it: any later would take the focus from where someone types by then. Escape closes
// it from that moment too; the library's own listener comes a call to the server and back later.
(() => {
  const controls = "input:not([type=hidden], :disabled), textarea, select, button:enabled, a[href]";
  // Each dialog that is open, and what was focused before it.
  const invokers = new Map();

  const open = dialog => {
    invokers.set(dialog, document.activeElement);
    dialog.querySelector(controls)?.focus();
  };

  const close = (dialog, invoker) => {
    invokers.delete(dialog);
    if (document.activeElement === document.body) {
      invoker.focus();
    }
  };

  const popups = () => [...document.querySelectorAll(".rz-popup, .rz-overlaypanel")].filter(popup => popup.checkVisibility());

  document.addEventListener("keydown", event => {
    if (event.key === "Escape" && popups().length === 0) {
      const dialog = [...document.querySelectorAll(".rz-dialog-content")].at(-1);
      dialog?.closest(".rz-dialog").querySelector(".rz-dialog-titlebar-close")?.click();
    }
  });

  new MutationObserver(() => {
    for (const [dialog, invoker] of invokers) {
      if (!dialog.isConnected) {
        close(dialog, invoker);
      }
    }
    for (const dialog of document.querySelectorAll(".rz-dialog-content")) {
      if (!invokers.has(dialog)) {
        open(dialog);
      }
    }
  }).observe(document.body, { childList: true, subtree: true });
})();
