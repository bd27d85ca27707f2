namespace Lanyard.Layouts;

/// <summary>One loop of a slot: how often, and how far a step moves on both sides.</summary>
internal readonly record struct SlotLoop(long Size, long ParameterStride, long TensorStride)
{
    /// <summary>Whether this loop and a faster one are one loop, in both arrays.</summary>
    public bool RunsInto(SlotLoop faster) =>
        ParameterStride == faster.Size * faster.ParameterStride && TensorStride == faster.Size * faster.TensorStride;
}
