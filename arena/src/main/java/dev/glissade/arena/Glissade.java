package dev.glissade.arena;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParseResult;

/** The main class: runs a command and turns errors into a message and an exit code. */
@Command(
    name = "glissade",
    mixinStandardHelpOptions = true,
    versionProvider = Glissade.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description = "Trains models with composable optimizers and compares them side by side.",
    footer = {
      "",
      "Exit codes: 0 success; 1 a check failed; 2 wrong arguments or bad input; 3 the training"
          + " diverged (with compare and sweep, all runs); 70 a bug in glissade; 130 interrupted"
          + " by Ctrl-C; 143 terminated.",
      "\"glissade bench\" measures speed and has its own help.",
      "\"glissade help COMMAND\" explains each command."
    },
    subcommands = {
      CompareCommand.class,
      SweepCommand.class,
      TrainCommand.class,
      EvaluateCommand.class,
      PredictCommand.class,
      ReplayCommand.class,
      OptimizersCommand.class,
      PrivacyCommand.class,
      InspectCommand.class,
      CompletionCommand.class,
      CommandLine.HelpCommand.class
    })
public final class Glissade {
  static final int CHECK_FAILED = 1;
  static final int BAD_INPUT = 2;

  /** The training diverged. */
  static final int DIVERGED = 3;

  static final int FAULT = 70;

  /** The exit code of a process ended by SIGINT. */
  static final int INTERRUPTED = 130;

  /** The exit code of a process ended by SIGTERM. */
  static final int TERMINATED = 143;

  /** The narrowest help that picocli writes. */
  private static final int NARROWEST_HELP = 55;

  Glissade() {}

  /** The jar's version. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"glissade " + number()};
    }

    static String number() {
      String version = Glissade.class.getPackage().getImplementationVersion();
      return version == null ? "(not from a jar)" : version;
    }
  }

  /**
   * Returns the command line; it writes results to {@code out} and all other text to {@code err}.
   */
  static CommandLine commandLine(PrintWriter out, PrintWriter err) {
    return new CommandLine(new Glissade())
        .setOut(out)
        .setErr(err)
        .setUsageHelpWidth(Math.max(NARROWEST_HELP, Terminal.columns(Terminal.USUAL)))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionStrategy(Glissade::execute)
        .setParameterExceptionHandler(Failures::wrongArguments)
        .setExecutionExceptionHandler(Failures::failed);
  }

  private static int execute(ParseResult parsed) {
    LibraryWarnings warnings = LibraryWarnings.to(parsed.commandSpec().commandLine());
    try {
      return new CommandLine.RunLast().execute(parsed);
    } finally {
      warnings.end();
    }
  }

  private static PrintWriter writer(FileDescriptor stream, boolean flushing) {
    FileOutputStream bytes = new FileOutputStream(stream);
    return new PrintWriter(new OutputStreamWriter(bytes, StandardCharsets.UTF_8), flushing);
  }

  /** Runs a command and exits. */
  public static void main(String[] arguments) {
    PrintWriter out = writer(FileDescriptor.out, false);
    PrintWriter err = writer(FileDescriptor.err, true);
    int code;
    try {
      code = commandLine(out, err).execute(arguments);
    } catch (OutOfMemoryError e) {
      err.println("glissade: out of memory: " + e.getMessage());
      code = BAD_INPUT;
    }
    out.flush();
    err.flush();
    Termination.release();
    System.exit(code);
  }
}
