"use client";

export function App() {
  return <main>olamchat</main>;
}
