namespace Lanyard.Generator.Analyzers;

/// <summary>Where the page of a rule is.</summary>
public static class HelpLinks
{
    /// <summary>The page of the rule with this id.</summary>
    public static string Of(string id) => $"https://github.com/lanyard-net/lanyard/blob/main/docs/diagnostics/{id}.md";
}
