// On every page: starts the service worker that keeps opened pages, and stops a form from being sent into the void.

if ("serviceWorker" in navigator) {
  // After the page itself: on a slow line nothing may come before it.
  if (document.readyState === "complete") register();
  else addEventListener("load", register);
}

async function register() {
  try {
    await navigator.serviceWorker.register("/service-worker.js");
    const { active } = await navigator.serviceWorker.ready;
    if (!navigator.serviceWorker.controller) active.postMessage({ opened: location.href });
  } catch {
    // A browser that keeps nothing: the site works without.
  }
}

// What was typed stays in the page; a browser's own error page might lose it.
document.addEventListener("submit", (event) => {
  const form = event.target;
  const method = event.submitter?.formMethod || form.method;
  if (navigator.onLine || method !== "post" || event.defaultPrevented) return;
  event.preventDefault();
  form.querySelector("[data-not-sent]")?.remove();
  const words = document.querySelector("template[data-not-sent-words]")?.content.cloneNode(true);
  if (!words) return;
  const place = event.submitter?.closest(".actions") ?? event.submitter ?? form.lastElementChild;
  place.before(words);
});

addEventListener("online", () => {
  for (const notice of document.querySelectorAll("[data-not-sent]")) notice.remove();
});
