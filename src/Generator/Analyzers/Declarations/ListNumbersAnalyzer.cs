using Lanyard.Generator.Analyzers.Locations;
using Lanyard.Generator.Analyzers.Members;
using Lanyard.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Lanyard.Generator.Analyzers.Declarations;

/// <summary>The numbers of a list's items come from members that have them.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ListNumbersAnalyzer() : ModuleAnalyzer(Rule)
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "LANY0046";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "A list's numbers are there, and numbers",
        "{0}",
        "Lanyard",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.Of(Id),
        customTags: Tags.Invariant);

    /// <inheritdoc/>
    protected override void Analyze(SymbolAnalysisContext context, INamedTypeSymbol type, AttributeData attribute)
    {
        foreach (var ignore in type.Attributes("IgnoreAttribute"))
        {
            if (Wrong(type, ignore, context.Compilation) is not { } message) continue;
            var argument = Locate.Argument(ignore, "Numbers", context.CancellationToken)?.Expression ?? Locate.Argument(ignore, 0, context.CancellationToken)?.Expression;
            context.ReportDiagnostic(Diagnostic.Create(Rule, argument?.GetLocation() ?? Locate.Attribute(ignore, type, context.CancellationToken), message));
        }
        foreach (var property in type.GetMembers().OfType<IPropertySymbol>())
        {
            var stated = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var name in property.Attributes("CheckpointNameAttribute"))
            {
                foreach (var argument in (string[])["First", "Numbers", "Total"])
                {
                    if (name.Named(argument) is string { Length: > 0 } member && Wrong(type, property, argument, member, stated, context.Compilation) is { } message)
                        context.ReportDiagnostic(Diagnostic.Create(Rule, Locate.Argument(name, argument, context.CancellationToken)?.Expression.GetLocation() ?? Locate.Attribute(name, property, context.CancellationToken), message));
                }
            }
        }
    }

    private static string? Wrong(INamedTypeSymbol type, AttributeData ignore, Compilation compilation)
    {
        if (Declared.Text(ignore, 0) is not { Length: > 0 } pattern) return null;
        var (places, braces) = (pattern.Split(["{}"], StringSplitOptions.None).Length - 1, pattern.Count(static sign => sign is '{' or '}'));
        if (braces != 2 * places || places > 1) return $"\"{pattern}\" may have one \"{{}}\", for the numbers that \"Numbers\" names, and no other braces";
        if (ignore.Named("Numbers") is not string { Length: > 0 } member) return places == 0 ? null : $"\"{pattern}\" has a place for numbers, and nothing says which; add \"Numbers = nameof(...)\", or write \"*\" for any text";
        if (places == 0) return $"\"{pattern}\" has no place for numbers; write \"{{}}\" where they stand, or remove \"Numbers\"";
        return ValueOf(type, member, compilation) is { } value && IsListOfNumbers(value) ? null : NoList(type, member);
    }

    private static string? Wrong(INamedTypeSymbol type, IPropertySymbol property, string argument, string member, Dictionary<string, string> stated, Compilation compilation)
    {
        if (!KnownTypes.IsModuleList(property.Type) && (KnownTypes.IsModule(property.Type) || !KnownTypes.IsListOfModules(property.Type))) return $"\"{property.Name}\" is no list, and has no items to number; remove \"{argument}\"";
        if (stated.TryGetValue(argument, out var other) && other != member) return $"The items of \"{property.Name}\" have their numbers from \"{other}\" already, in all of its names; remove one of the two";
        stated[argument] = member;
        if (stated.ContainsKey("First") && stated.ContainsKey("Numbers")) return $"\"First\" numbers items one after another, \"Numbers\" each by itself; remove one of the two";
        var value = ValueOf(type, member, compilation);
        if (argument == "Numbers")
            return value is not null && IsListOfNumbers(value) ? null : NoList(type, member);
        return value is not null && AxisParser.IsInteger(value.SpecialType) ? null : $"\"{type.Name}\" has no property or field \"{member}\" of an integer type";
    }

    private static string NoList(INamedTypeSymbol type, string member) => $"\"{type.Name}\" has no property or field \"{member}\" that is an array or list of int";

    private static ITypeSymbol? ValueOf(INamedTypeSymbol type, string member, Compilation compilation) =>
        KnownTypes.BasesOf(type).SelectMany(owner => owner.GetMembers(member)).FirstOrDefault(found => compilation.IsSymbolAccessibleWithin(found, type)) switch
        {
            IPropertySymbol { IsIndexer: false, GetMethod: { } getter } read when compilation.IsSymbolAccessibleWithin(getter, type) => read.Type,
            IFieldSymbol field => field.Type,
            _ => null,
        };

    private static bool IsListOfNumbers(ITypeSymbol type) =>
        type is IArrayTypeSymbol { IsSZArray: true, ElementType.SpecialType: SpecialType.System_Int32 } || type.AllInterfaces.Append(type as INamedTypeSymbol).Any(static list =>
            list is { OriginalDefinition.SpecialType: SpecialType.System_Collections_Generic_IReadOnlyList_T, TypeArguments: [{ SpecialType: SpecialType.System_Int32 }] });
}
