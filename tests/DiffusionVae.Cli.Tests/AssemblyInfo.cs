// Every test starts a program that takes all cores.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
