namespace Lanyard.Generator.Models;

/// <summary>How a checkpoint stores values: what the attributes of an encoding's class declare.</summary>
/// <param name="Name">The full name of the class.</param>
/// <param name="ShortName">Its own name.</param>
/// <param name="Codes">How the name of the tensor with the codes ends.</param>
/// <param name="Layout">How the codes lie in it.</param>
/// <param name="Value">What a value is.</param>
/// <param name="IsFlat">Whether the codes are those of the flattened values.</param>
public sealed record EncodingModel(string Name, string ShortName, string Codes, CodeLayoutModel Layout, string Value, bool IsFlat)
{
    /// <summary>The tensors beside the codes, in order of declaration.</summary>
    public EquatableArray<CompanionModel> Companions { get; init; }

    /// <summary>How the names of tensors end that say nothing of the values.</summary>
    public EquatableArray<string> Unread { get; init; }

    /// <summary>What configurations say of it: names of fields, each followed by its value.</summary>
    public EquatableArray<string> Configured { get; init; }
}
