namespace Lanyard.Generator.Conformance.Classes;

/// <summary>A pattern of tensors that a class leaves alone.</summary>
/// <param name="Pattern">The pattern below the module.</param>
public sealed record DescribedIgnore(string Pattern)
{
    /// <summary>Whether a checkpoint may do without such tensors.</summary>
    public bool IsOptional { get; init; }

    /// <summary>The member that says whether an instance leaves them, or null.</summary>
    public string? When { get; init; }

    /// <summary>Whether <c>{}</c> in the pattern stands for numbers that the configuration decides.</summary>
    public bool IsNumbered { get; init; }
}
