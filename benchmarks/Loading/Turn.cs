namespace Lanyard.Loading.Benchmarks;

/// <summary>One timed turn.</summary>
/// <param name="Run">What is timed.</param>
/// <param name="Clear">Clears up; not timed.</param>
internal sealed record Turn(Action Run, Action Clear);
