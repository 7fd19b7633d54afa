// The callback page: hands the platform's answer to MINT's back end once and
// leaves a clean address behind. It reads nothing but the address and never
// sees a token.
"use strict";
(function () {
  var page = document.getElementById("relay");
  var answer = location.search;
  // A token in the fragment is no answer to a code request; the back end has
  // to know of it to refuse, but must not be given it.
  if (/[#&](access_token|refresh_token|id_token)=/.test(location.hash)) {
    answer += (answer ? "&" : "?") + "access_token=removed";
  }
  history.replaceState(null, "", location.pathname);

  function stop(text) {
    document.getElementById("relay-text").textContent = text;
    document.getElementById("relay-way-on").hidden = false;
  }

  fetch("/api/oauth/callback", {
    method: "POST",
    credentials: "same-origin",
    redirect: "error",
    headers: { "Content-Type": "application/json", "X-CSRF-Token": page.dataset.csrf },
    body: JSON.stringify({ query: answer.replace(/^\?/, "") })
  }).then(function (response) {
    return response.json();
  }).then(function (result) {
    if (typeof result.location === "string" && /^\/(?!\/)/.test(result.location)) {
      location.replace(result.location);
    } else {
      stop(result.message || "The connection could not be finished.");
    }
  }).catch(function () {
    stop("MINT did not answer. Your list of platforms shows whether the connection was made.");
  });
})();
