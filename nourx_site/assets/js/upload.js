// Sends files straight to the storage, one at a time, with real progress and a way to stop.
// Without JavaScript the same field sits in a plain form.
import { all, copyOf, one, textOf } from "./dom.js";
