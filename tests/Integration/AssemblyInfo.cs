// Each of these tests starts a whole graph: one at a time, or they slow each other down.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
