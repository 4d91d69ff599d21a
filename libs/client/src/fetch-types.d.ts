// The generated client names a type of the browser's library that Node's types have under another name.
export {};
declare global {
  type BodyInit = NonNullable<RequestInit['body']>;
}
