package dev.glissade.fuse.codegen;

import dev.glissade.fuse.memory.Element;
import dev.glissade.fuse.memory.Plane;
import dev.glissade.fuse.tape.LaneOrder;
import dev.glissade.fuse.tape.Tape;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.Buffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What the Vector API of this JDK offers, if the program was started with {@code --add-modules
 * jdk.incubator.vector}. Only generated code names its classes, since nothing else compiles without
 * the module.
 *
 * @param floats how many floats a vector of the machine holds
 * @param doubles how many doubles
 * @param memory how its vectors reach memory outside of the heap
 */
public record VectorApi(int floats, int doubles, Storage memory) {
  private static final String MODULE = "jdk.incubator.vector";

  /** Less than this is no vector, and what a JVM without a vectorising compiler says it has. */
  private static final int FEWEST_FLOATS = 4;

  /** A row of lanes: wider vectors would be two of them. */
  private static final int MOST_FLOATS = LaneOrder.width(Element.F32);

  private static final @Nullable MethodHandle SEGMENT_OF = segmentOf();
  private static final @Nullable VectorApi HERE = find();

  /** This JVM's vectors; null if there are none, or they are switched off. */
  public static @Nullable VectorApi here() {
    return HERE;
  }

  private static @Nullable VectorApi find() {
    if (!Boolean.parseBoolean(System.getProperty("dev.glissade.vectors", "true"))
        || ModuleLayer.boot().findModule(MODULE).isEmpty()) {
      return null;
    }
    try {
      // No module-info can require what most programs are started without.
      VectorApi.class.getModule().addReads(type("Vector").getModule());
      int floats = preferred("FloatVector");
      int doubles = preferred("DoubleVector");
      return floats < FEWEST_FLOATS || floats > MOST_FLOATS
          ? null
          : new VectorApi(floats, doubles, findMemory());
    } catch (ReflectiveOperationException | LinkageError e) {
      return null;
    }
  }

  private static Class<?> type(String name) throws ClassNotFoundException {
    return Class.forName(MODULE + "." + name);
  }

  private static int preferred(String vector) throws ReflectiveOperationException {
    Object species = type(vector).getField("SPECIES_PREFERRED").get(null);
    return (int) type("VectorSpecies").getMethod("length").invoke(species);
  }

  /** Byte buffers at first; memory segments since those are final, in JDK 22. */
  private static Storage findMemory() throws ReflectiveOperationException {
    for (var method : type("FloatVector").getMethods()) {
      if (method.getName().equals("fromByteBuffer")) {
        return Storage.BYTES;
      }
    }
    return Runtime.version().feature() >= 22 && SEGMENT_OF != null
        ? Storage.SEGMENT
        : Storage.ARRAY;
  }

  /** Whether loops by vectors are written for all that a tape does. */
  public static boolean are(Tape tape) {
    for (Tape.Instruction instruction : tape.code()) {
      if (!can(tape, instruction)) {
        return false;
      }
    }
    return true;
  }

  private static boolean can(Tape tape, Tape.Instruction instruction) {
    if (instruction instanceof Tape.Load load) {
      return load.element() == tape.compute();
    }
    if (instruction instanceof Tape.Store store) {
      return store.element() == tape.compute();
    }
    if (instruction instanceof Tape.Round round) {
      return round.element() == tape.compute();
    }
    if (instruction instanceof Tape.Unary unary) {
      return VectorCodeWriter.can(unary.op());
    }
    return !(instruction instanceof Tape.Normal);
  }

  /**
   * Returns what a kernel takes a plane as: its array, memory outside of the heap, or a buffer to
   * copy.
   */
  public static Object direct(Plane plane) {
    Object outside = HERE == null ? null : HERE.outside(plane);
    return outside == null ? plane.array() : outside;
  }

  /**
   * What generated code takes a plane's buffer as; null if it has to be copied to an array: if it
   * is on the heap, in another byte order, or, for loops over byte buffers, was not given as one.
   */
  private @Nullable Object outside(Plane plane) {
    if (!(plane.array() instanceof Buffer buffer)
        || !buffer.isDirect()
        || order(buffer) != ByteOrder.nativeOrder()) {
      return null;
    }
    return switch (memory) {
      case ARRAY -> null;
      case BYTES -> plane.bytes();
      case SEGMENT -> segment(buffer);
    };
  }

  public static ByteOrder order(Buffer buffer) {
    return buffer instanceof FloatBuffer floats
        ? floats.order()
        : buffer instanceof DoubleBuffer doubles ? doubles.order() : ((ShortBuffer) buffer).order();
  }

  private static Object segment(Buffer buffer) {
    if (SEGMENT_OF == null) {
      throw new IllegalStateException("this JDK has no memory segments");
    }
    try {
      return (Object) SEGMENT_OF.invokeExact(buffer);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a buffer has no memory segment", e);
    }
  }

  /** MemorySegment.ofBuffer; null where there is none. */
  private static @Nullable MethodHandle segmentOf() {
    try {
      Class<?> type = Class.forName("java.lang.foreign.MemorySegment");
      return MethodHandles.publicLookup()
          .findStatic(type, "ofBuffer", MethodType.methodType(type, Buffer.class))
          .asType(MethodType.methodType(Object.class, Buffer.class));
    } catch (ReflectiveOperationException e) {
      return null;
    }
  }

  int lanes(Element compute) {
    return compute == Element.F32 ? floats : doubles;
  }
}
