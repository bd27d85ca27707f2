namespace Lanyard;

/// <summary>
/// States what every model of a class has of what it and the classes below it may have: a family whose attention always has norms of queries, a layer that has either experts or
/// one feed-forward block. The compiler heeds it where the class <see cref="ConformsToAttribute">conforms to</see> a checkpoint: a list without it lacks something.
/// </summary>
/// <param name="paths">
/// The properties that lead to each, with dots: <c>Model.Layers.SelfAttn.QNorm</c>. Of several names with bars at the end of one, <c>Layers.Mlp|Moe</c>, each module has exactly one.
/// </param>
/// <seealso cref="WithoutAttribute"/>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class WithAttribute(params string[] paths) : Attribute
{
    /// <summary>The properties that lead to each.</summary>
    public IReadOnlyList<string> Paths { get; } = paths;
}
