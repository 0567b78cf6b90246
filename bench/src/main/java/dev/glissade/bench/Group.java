package dev.glissade.bench;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Times one optimizer at one size in turn with everything that it is compared to. */
final class Group {
  /** Larger trees have few small leaves, and a packed copy would need too much memory. */
  private static final int MOST_PACKED = 10_000_000;

  private final Workload workload;
  private final TreeShape form;
  private final int threads;
  private final List<String> names = new ArrayList<>();
  private final List<Subject> subjects = new ArrayList<>();

  private Group(Workload workload, TreeShape form, int threads) {
    this.workload = workload;
    this.form = form;
    this.threads = threads;
  }

  static List<Row> measure(
      Crew crew, Workload workload, TreeShape form, int threads, List<Peer> peers, int rounds) {
    Group group = new Group(workload, form, threads);
    try {
      group.fill(crew, peers);
      return group.rows(Timing.measure(group.subjects, workload.average(), rounds));
    } finally {
      group.subjects.forEach(Subject::close);
    }
  }

  private long elements() {
    return form.elements();
  }

  private void fill(Crew crew, List<Peer> peers) {
    add("glissade", workload.subject(form, threads));
    if (elements() > Integer.MAX_VALUE - 8) {
      return;
    }
    int size = (int) elements();
    add("stream", new Traffic(crew, workload, size, threads));
    if (form.leaves() > 1) {
      add("one leaf", workload.subject(TreeShape.vector(size), threads));
      if (size <= MOST_PACKED) {
        add("packed", workload.packed(form, threads));
      }
      if (threads == 1 && workload.name().equals("adamw")) {
        add("by hand", new HandWritten.AdamWTree(form.sizes()));
      }
    } else if (workload.name().equals("adamw")) {
      add("by hand", new HandWritten.AdamW(crew, size, threads));
    } else if (workload.name().equals("prodigy")) {
      add("by hand", new HandWritten.Prodigy(crew, size, threads));
    }
    for (Peer peer : peers) {
      Subject subject =
          form.leaves() > 1 ? null : peer.subject(workload.name(), form.shapes().get(0), threads);
      if (subject != null) {
        add(peer.name(), subject);
      }
    }
  }

  private void add(String name, Subject subject) {
    names.add(name);
    subjects.add(subject);
  }

  private List<Row> rows(List<Timing.Result> results) {
    double ours = results.get(0).nanos();
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      Timing.Result result = results.get(i);
      boolean mine = i == 0;
      rows.add(
          new Row(
              workload.name(),
              names.get(i),
              elements(),
              form.leaves(),
              threads,
              result.nanos() / elements(),
              i <= 1 ? (Double) (workload.bytes() * elements() / result.nanos()) : null,
              mine ? ratio(results, "stream", ours) : null,
              mine ? ratio(results, "by hand", ours) : null,
              mine ? (Double) result.allocated() : null,
              i <= 1 ? null : (Double) (result.nanos() / ours)));
    }
    return rows;
  }

  private @Nullable Double ratio(List<Timing.Result> results, String name, double ours) {
    int i = names.indexOf(name);
    return i < 0 ? null : (Double) (results.get(i).nanos() / ours);
  }
}
