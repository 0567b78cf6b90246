package dev.glissade.arena;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExecutionException;
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
      ParseResult last = parsed;
      while (last.hasSubcommand()) {
        last = last.subcommand();
      }
      if (!last.isUsageHelpRequested() && !last.isVersionHelpRequested()) {
        checkPaths(last.commandSpec().commandLine());
      }
      return new CommandLine.RunLast().execute(parsed);
    } finally {
      warnings.end();
    }
  }

  private static void checkPaths(CommandLine command) {
    try {
      OutputPaths.check(command.getCommandSpec());
    } catch (IOException | RuntimeException e) {
      throw new ExecutionException(command, "wrong paths", e);
    }
  }

  private static PrintWriter writer(OutputStream bytes, boolean flushing) {
    return new PrintWriter(new OutputStreamWriter(bytes, StandardCharsets.UTF_8), flushing);
  }

  /** Runs a command and returns the exit code, which says also whether results were lost. */
  static int run(OutputStream results, OutputStream messages, String... arguments) {
    StandardOutput stream = new StandardOutput(results);
    PrintWriter out = writer(stream, false);
    PrintWriter err = writer(messages, true);
    CommandLine command = commandLine(out, err);
    int code;
    try {
      code = command.execute(arguments);
    } catch (OutOfMemoryError e) {
      err.println("glissade: out of memory: " + e.getMessage());
      code = BAD_INPUT;
    }
    out.flush();
    String complaint = stream.complaint();
    if (complaint != null && code < FAULT) {
      Failures.say(command, complaint);
      code = BAD_INPUT;
    }
    err.flush();
    return code;
  }

  /** Runs a command and exits. */
  public static void main(String[] arguments) {
    int code =
        run(
            new FileOutputStream(FileDescriptor.out),
            new FileOutputStream(FileDescriptor.err),
            arguments);
    Termination.release();
    System.exit(code);
  }
}
