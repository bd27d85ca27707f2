using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Lanyard.Generator.Tests.Analyzers;

/// <summary>One of a project's <c>AdditionalFiles</c>.</summary>
/// <param name="path">The path.</param>
/// <param name="text">The text.</param>
internal sealed class TextFile(string path, string text) : AdditionalText
{
    // The same for every compilation, as an editor has it.
    private readonly SourceText _text = SourceText.From(text);

    public override string Path => path;

    public override SourceText GetText(CancellationToken cancellationToken = default) => _text;
}
