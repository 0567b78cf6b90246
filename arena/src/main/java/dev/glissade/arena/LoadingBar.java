package dev.glissade.arena;

import dev.glissade.arena.data.LoadProgress;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** Shows on a terminal how much of a large file is read, in MB. */
final class LoadingBar implements LoadProgress {
  private static final long LARGE = 20L << 20;
  private static final long STEP = 1L << 20;
  private static final int REDRAW_MILLIS = 200;

  private @Nullable ProgressBar bar;
  private long unshown;

  LoadingBar() {}

  @Override
  public void begin(String name, long bytes) {
    end();
    unshown = 0;
    if (bytes >= LARGE) {
      bar =
          new ProgressBarBuilder()
              .setTaskName(ProgressBars.cell("reading " + name))
              .setInitialMax(bytes)
              .setUnit(" MB", 1_000_000)
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(REDRAW_MILLIS)
              .hideEta()
              .build();
    }
  }

  @Override
  public void read(long bytes) {
    unshown += bytes;
    if (bar != null && unshown >= STEP) {
      bar.stepBy(unshown);
      unshown = 0;
    }
  }

  @Override
  public void end() {
    if (bar != null) {
      bar.stepBy(unshown);
      bar.close();
      bar = null;
    }
  }
}
