namespace Lanyard;

/// <summary>
/// Names a tensor that is another name for one that the model has: tied weights, such as a head that is the embedding. A checkpoint
/// may bring either name or both; both must then hold the same bits. Where the model has a parameter of its own under the alias, as an
/// untied head, the alias has no effect.
/// </summary>
/// <param name="alias">The other name, below the module: <c>lm_head.weight</c>.</param>
/// <param name="name">The name that the model knows, below the module: <c>model.embed_tokens.weight</c>.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class CheckpointAliasAttribute(string alias, string name) : Attribute
{
    /// <summary>The other name, below the module.</summary>
    public string Alias { get; } = alias;

    /// <summary>The name that the model knows, below the module.</summary>
    public string Name { get; } = name;
}
