package dev.glissade.fuse.graph;

import java.util.List;

/**
 * Repeats each plane of a tree along axes that it lacks.
 *
 * @param maps the map of each plane, from the large one
 */
public record Spread(List<AxisMap> maps) {
  public Spread {
    maps = List.copyOf(maps);
  }
}
