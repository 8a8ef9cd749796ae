/** The only page; _app.tsx shows everything. */
export default function Index() {
  return null;
}
