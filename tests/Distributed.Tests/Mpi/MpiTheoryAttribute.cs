namespace Lanyard.Distributed.Tests.Mpi;

/// <summary>As <see cref="MpiFactAttribute"/>, with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class MpiTheoryAttribute : TheoryAttribute
{
    public MpiTheoryAttribute() => Skip = MpiJob.Lacks;
}
