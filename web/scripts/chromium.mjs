/** Prints where the tests' Chromium is, unpacking it first where that is needed. */
import chromium from "@sparticuz/chromium";

console.log(await chromium.executablePath());
