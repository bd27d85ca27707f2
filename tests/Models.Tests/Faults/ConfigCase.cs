using CsCheck;
using Lanyard.Tests.Fuzz;

namespace Lanyard.Models.Tests.Faults;

/// <summary>A configuration and what is changed in it.</summary>
/// <param name="Base">Which configuration, counted round and round.</param>
/// <param name="Json">Changes of its JSON, which come first.</param>
/// <param name="Bytes">Changes of its bytes.</param>
internal sealed record ConfigCase(uint Base, JsonMutation[] Json, ByteMutation[] Bytes)
{
    /// <summary>Any case.</summary>
    public static Gen<ConfigCase> Gen { get; } = CsCheck.Gen.Select(
        CsCheck.Gen.UInt[0, 11],
        JsonMutation.Gen.Array[0, 4],
        CsCheck.Gen.Frequency((5, CsCheck.Gen.Const(Array.Empty<ByteMutation>())), (1, ByteMutation.Gen.Array[1, 2])),
        (at, json, bytes) => new ConfigCase(at, json, bytes));

    /// <inheritdoc/>
    public override string ToString() => $"base {Base}, json [{string.Join("; ", (IEnumerable<JsonMutation>)Json)}], bytes [{string.Join("; ", (IEnumerable<ByteMutation>)Bytes)}]";
}
