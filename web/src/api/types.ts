// The names that the page uses for what docs/control-api.yaml describes.
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Version = Schemas["Version"];
export type Summary = Schemas["Summary"];
export type Detail = Schemas["Detail"];
export type Client = Schemas["Client"];
export type ModemList = Schemas["ModemList"];
export type Fault = Schemas["Fault"];
export type FaultRequest = Schemas["FaultRequest"];
export type FaultTypes = Schemas["FaultTypes"];
export type FaultTypeRow = FaultTypes["types"][number];
export type FaultAttribute = Schemas["FaultAttribute"];
export type Report = Schemas["Report"];
export type Finding = Report["findings"][number];
export type AtEvent = Schemas["AtEvent"];
export type MqttEvent = Schemas["MqttEvent"];
export type NewsEvent = Schemas["NewsEvent"];
export type FaultEvent = Schemas["FaultEvent"];
export type TraceEvent = AtEvent | MqttEvent | NewsEvent | FaultEvent;
