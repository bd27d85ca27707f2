using Microsoft.CodeAnalysis;

namespace Lanyard.Generator.Analyzers.Numbers;

/// <summary>The members of TorchSharp that make a Scalar and leave it to the collector: the list that our own code is held to.</summary>
internal static class ScalarMakers
{
    private static readonly Lazy<HashSet<string>> Ids = new(Read);

    public static bool Contains(ISymbol member) =>
        member.ContainingAssembly?.Name == "TorchSharp"
        && ((member as IMethodSymbol)?.ReducedFrom ?? member).OriginalDefinition.GetDocumentationCommentId() is { } id
        && Ids.Value.Contains(id);

    private static HashSet<string> Read()
    {
        using var reader = new StreamReader(typeof(ScalarMakers).Assembly.GetManifestResourceStream("BannedSymbols.txt"));
        return [.. reader.ReadToEnd().Split('\n').Select(static line => line.Split(';')[0])];
    }
}
