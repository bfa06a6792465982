/** Hears while no page of ours is open, and shows what is told. It keeps nothing and answers no requests of pages. */
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  const said = event.data?.json() ?? {};
  if (!said.text) return;
  const shown = { body: said.text, tag: said.tag, lang: said.lang, data: { href: said.href }, icon: "/static/img/icon-180.png" };
  event.waitUntil(self.registration.showNotification(said.title ?? "", shown));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const to = new URL(event.notification.data?.href ?? "/", self.location.origin);
  if (to.origin !== self.location.origin) return;
  event.waitUntil((async () => {
    const pages = await self.clients.matchAll({ type: "window" });
    if (pages.length) {
      await pages[0].navigate(to.href).catch(() => null);
      await pages[0].focus();
    } else await self.clients.openWindow(to.href);
  })());
});
