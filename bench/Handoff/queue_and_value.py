"""The hand-off of the original task: frames through a multiprocessing.Queue, coordinates back through multiprocessing.Value.

One round trip: put a frame, the other process gets it and writes the coordinates, this one sees them. Prints milliseconds, one a
line. Seeing them costs nothing here: this process spins on the value (its raw memory, without the lock), which no real program
does.
"""
import multiprocessing
import sys
import time

import numpy


def detect(frames, x, y, seen):
    while True:
        frame = frames.get()
        if frame is None:
            return
        with x.get_lock(), y.get_lock():
            x.value = float(frame[0, 0] if frame.ndim == 2 else frame[0, 0, 0])
            y.value = float(frame.shape[0])
        seen.value += 1


def main():
    shape = {"bgr": (480, 640, 3), "i420": (720, 640)}[sys.argv[1]]
    rounds, warm_up, pace = int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
    multiprocessing.set_start_method("fork")
    frames = multiprocessing.Queue()
    x, y = multiprocessing.Value("d", 0.0), multiprocessing.Value("d", 0.0)
    seen = multiprocessing.Value("q", 0)
    process = multiprocessing.Process(target=detect, args=(frames, x, y, seen), daemon=True)
    process.start()
    raw = seen.get_obj()
    frame = numpy.random.default_rng(1).integers(0, 256, shape, dtype=numpy.uint8)
    times = []
    for n in range(1, warm_up + rounds + 1):
        start = time.perf_counter()
        frames.put(frame)
        while raw.value < n:
            time.sleep(0)  # lets the queue's feeder thread run
        end = time.perf_counter()
        if n > warm_up:
            times.append((end - start) * 1000)
        if pace:
            time.sleep(pace)
    frames.put(None)
    process.join(5)
    print("\n".join(f"{t:.6f}" for t in times))


main()
