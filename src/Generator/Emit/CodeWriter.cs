using System.CodeDom.Compiler;
using System.Globalization;

namespace Lanyard.Generator.Emit;

/// <summary>Writes indented code, with the same line ends on every machine.</summary>
internal sealed class CodeWriter
{
    private readonly StringWriter _text = new(CultureInfo.InvariantCulture) { NewLine = "\n" };
    private readonly IndentedTextWriter _writer;

    public CodeWriter() => _writer = new IndentedTextWriter(_text) { NewLine = "\n" };

    /// <summary>Writes lines; an empty one has no indentation.</summary>
    public void Lines(string text)
    {
        foreach (var line in text.Split('\n'))
        {
            if (line.Length == 0) _writer.WriteLineNoTabs("");
            else _writer.WriteLine(line);
        }
    }

    /// <summary>Writes a line and a block in braces below it.</summary>
    public void Block(string? head, Action body, string end = "}")
    {
        if (head is not null) Lines(head);
        Lines("{");
        _writer.Indent++;
        body();
        _writer.Indent--;
        Lines(end);
    }

    /// <summary>Writes items, one a line, in brackets; empty brackets where there are none.</summary>
    public void List(string head, IReadOnlyCollection<string> items, string end)
    {
        if (items.Count == 0)
        {
            Lines($"{head} []{end}");
            return;
        }
        Lines(head);
        Lines("[");
        _writer.Indent++;
        foreach (var item in items) Lines(item + ",");
        _writer.Indent--;
        Lines("]" + end);
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();
}
