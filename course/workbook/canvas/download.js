// The answers as a file, from what this page holds: needs neither kernel nor server.

export function download(session) {
  const { objective, state } = session;
  const answers = {
    format: "canevas/1",
    objective,
    document: state.document,
    revision: state.revision,
    options: session.tree(),
  };
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify(answers, null, 1)], { type: "application/json" }));
  link.download = `${objective}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}
