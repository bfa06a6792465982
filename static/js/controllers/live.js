/** Opens the page's line to the server once the page has settled. */
import { connection } from "../live.js";

export default function connect() {
  const open = () => void connection().catch(() => undefined);
  if ("requestIdleCallback" in window) requestIdleCallback(open, { timeout: 3000 });
  else setTimeout(open, 500);
}
