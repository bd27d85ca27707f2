namespace Lanyard;

/// <summary>
/// Declares a named axis of the class's parameters. The member's value is the size of the whole, unsliced axis; the name in
/// patterns is the member's name in snake_case (<c>HeadDim</c> is <c>head_dim</c>).
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class AxisAttribute : Attribute
{
    /// <summary>An axis that every rank holds whole.</summary>
    public AxisAttribute()
    {
    }

    /// <summary>An axis that is divided over ranks.</summary>
    public AxisAttribute(Shard shard) => Shard = shard;

    /// <summary>An axis whose indices have names, which spell them in checkpoint names: <c>{proj}_proj.weight</c>.</summary>
    public AxisAttribute(params string[] labels) => Labels = labels;

    /// <summary>How the axis is divided over ranks.</summary>
    public Shard Shard { get; }

    /// <summary>The names of the indices, in order; empty where indices are spelled in decimal.</summary>
    public string[] Labels { get; } = [];

    /// <summary>
    /// Whether several ranks may hold the same index where the axis is shorter than the number of ranks, as for key/value heads
    /// fewer than ranks. Without it such a topology is an error.
    /// </summary>
    public bool Replicate { get; set; }

    /// <summary>
    /// The multiple to which the axis is rounded up before it is divided, as for vocabularies: 100 rows rounded up to 128 are 64 on
    /// each of two ranks, of which the second fills 36. What is added is zero. It goes with <see cref="Lanyard.Shard.Tensor"/>.
    /// </summary>
    public int PadTo { get; set; } = 1;
}
