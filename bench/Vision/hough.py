"""Times cv2.HoughCircles on the gray pictures in a file, the way the original task's programs call it.

usage: hough.py FILE WIDTH HEIGHT ROUNDS; prints the fewest and the median microseconds a picture
"""
import sys
import time

import cv2
import numpy

path, width, height, rounds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
frames = numpy.fromfile(path, numpy.uint8).reshape(-1, height, width)


def find(frame):
    return cv2.HoughCircles(
        frame, cv2.HOUGH_GRADIENT, 1, 2 * width, param1=100, param2=20, minRadius=3, maxRadius=height // 2)


for frame in frames:
    find(frame)
times = []
for _ in range(rounds):
    for frame in frames:
        start = time.perf_counter_ns()
        find(frame)
        times.append(time.perf_counter_ns() - start)
times.sort()
print(times[0] / 1000, times[len(times) // 2] / 1000)
