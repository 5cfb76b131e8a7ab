// Threads and generators of libtorch are global.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
