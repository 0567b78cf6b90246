package dev.glissade.arena;

import java.io.PrintWriter;
import java.io.StringWriter;

/** The program run within this process. */
record ProgramRun(int code, String out, String err) {

  static ProgramRun run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    PrintWriter outWriter = new PrintWriter(out);
    PrintWriter errWriter = new PrintWriter(err);
    int code = Glissade.commandLine(outWriter, errWriter).execute(arguments);
    outWriter.flush();
    errWriter.flush();
    return new ProgramRun(code, out.toString(), err.toString());
  }
}
