import "./page.css";

import { render } from "preact";

import { Session } from "./model/session";
import { App, applyPreferences } from "./parts/app";

applyPreferences();
render(<App session={new Session()} />, document.body);
