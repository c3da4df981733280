// Takes an invitation's token out of the address, so that it is in no history, and opens the invitation.
(() => {
  const form = document.querySelector("form[data-invitation]");
  const token = location.hash.slice(1);
  if (!form || !token) {
    return;
  }
  history.replaceState(null, "", location.pathname);
  form.querySelector("#invitation").value = token;
  form.requestSubmit();
})();
