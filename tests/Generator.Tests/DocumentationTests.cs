using System.Text.RegularExpressions;

namespace Lanyard.Generator.Tests;

public sealed class DocumentationTests
{
    [Fact]
    public void Every_link_between_pages_leads_to_one()
    {
        var root = Path.GetFullPath(Harness.Folder("RepositoryDirectory"));
        var pages = Directory.GetFiles(root, "*.md").Concat(Directory.GetFiles(Path.Combine(root, "docs"), "*.md", SearchOption.AllDirectories)).ToList();
        var broken =
            from page in pages
            from Match link in Regex.Matches(File.ReadAllText(page), @"\]\((?!https?:)([^)#\s]+)(#[^)]*)?\)")
            let target = Path.Combine(Path.GetDirectoryName(page)!, link.Groups[1].Value)
            where !File.Exists(target) && !Directory.Exists(target)
            select $"{Path.GetRelativePath(root, page)}: {link.Groups[1].Value}";
        Assert.True(pages.Count > 10);
        Assert.Empty(broken);
    }

    [Fact]
    public void Every_published_encoding_is_in_the_table_of_encodings()
    {
        var root = Path.GetFullPath(Harness.Folder("RepositoryDirectory"));
        var rows = File.ReadAllLines(Path.Combine(root, "docs/encodings.md")).Where(line => line.StartsWith('|'));
        var named = rows.SelectMany(row => Regex.Matches(row, @"typeof\((\w+)\)|`(\w+)`")).Select(match => match.Groups[1].Value + match.Groups[2].Value).ToHashSet();
        var classes = Directory.GetFiles(Path.Combine(root, "src/Runtime/Published"), "*.cs").Select(path => Path.GetFileNameWithoutExtension(path)).ToList();
        Assert.True(classes.Count > 50);
        Assert.Empty(classes.Except(named));
    }
}
