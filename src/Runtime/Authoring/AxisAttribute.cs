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

    /// <summary>
    /// The axis whose share this one follows: a rank holds the indices that the leader's indices need, ascending, each once. Index i of a
    /// leader of size L needs index i * F / L, rounded down, of F: groups that heads read, keys that queries read, whatever divides. With
    /// <see cref="Unit"/> it needs i / Unit: scales and packed words of blocks that a rank's share may cut. The leader is a member,
    /// <c>nameof(Heads)</c>, or several axes that make up one dimension, slowest first: <c>"kv_heads head_dim"</c>.
    /// </summary>
    public string? Follows { get; set; }

    /// <summary>
    /// How many indices go together. With <see cref="Lanyard.Shard.Tensor"/> the axis is dealt out in whole units, rounded up: 3 units are
    /// 2 and 1 on two ranks, and 1, 1, 1 and none on four. With <see cref="Follows"/> it is how many indices of the leader need one of this
    /// axis. The last unit may be partial.
    /// </summary>
    public int Unit { get; set; }

    /// <summary>
    /// Whether every rank has as many positions of an axis that is dealt out in units as the first, those that it lacks being zero, so that
    /// the parameters of all ranks have one shape. Without <see cref="Unit"/> the units are single indices.
    /// </summary>
    public bool Padded { get; set; }

    /// <summary>
    /// Whether every rank holds the axis whole though another part of the same dimension is divided, and <c>forward</c> counts on that: key heads that
    /// it picks out by the rank. An axis of a single index, as one key head that all query heads read, is whole without it.
    /// </summary>
    public bool Whole { get; set; }

    /// <summary>
    /// The axis that this one's indices read in equal runs, as queries read keys: a rank holds whole runs, or, where ranks share a key, an
    /// equal part of its run, rounded up with zeros. 28 queries within 4 keys are 4, and 3 and a zero, of the 7 of each key on eight ranks.
    /// It goes with <see cref="Lanyard.Shard.Tensor"/>.
    /// </summary>
    public string? PadWithin { get; set; }

    /// <summary>
    /// The key of <c>config.json</c> that has the size, with dots for keys within others: <c>num_attention_heads</c>, <c>text_config.head_dim</c>. Where a class conforms to a
    /// checkpoint by <see cref="ConformsToAttribute.Config"/>, it says what shapes leave open. Null: shapes alone say it, as where keys and files disagree.
    /// </summary>
    public string? Config { get; set; }
}
