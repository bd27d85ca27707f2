using Lanyard.Distributed.Tests.Programs;

namespace Lanyard.Distributed.Tests.Mpi;

/// <summary>A test that starts ranks by mpirun; where that cannot be had it is skipped, for the reason given.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class MpiFactAttribute : FactAttribute
{
    public MpiFactAttribute() => Skip = MpiJob.Lacks;
}
