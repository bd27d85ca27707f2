using Lanyard.Generator.Analyzers.Locations;
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

    private static string? Wrong(INamedTypeSymbol type, IPropertySymbol property, string argument, string member, Dictionary<string, string> stated, Compilation compilation)
    {
        if (!KnownTypes.IsModuleList(property.Type) && (KnownTypes.IsModule(property.Type) || !KnownTypes.IsListOfModules(property.Type))) return $"\"{property.Name}\" is no list, and has no items to number; remove \"{argument}\"";
        if (stated.TryGetValue(argument, out var other) && other != member) return $"The items of \"{property.Name}\" have their numbers from \"{other}\" already, in all of its names; remove one of the two";
        stated[argument] = member;
        if (stated.ContainsKey("First") && stated.ContainsKey("Numbers")) return $"\"First\" numbers items one after another, \"Numbers\" each by itself; remove one of the two";
        var found = KnownTypes.BasesOf(type).SelectMany(owner => owner.GetMembers(member)).FirstOrDefault(found => compilation.IsSymbolAccessibleWithin(found, type));
        var value = found switch
        {
            IPropertySymbol { IsIndexer: false, GetMethod: { } getter } read when compilation.IsSymbolAccessibleWithin(getter, type) => read.Type,
            IFieldSymbol field => field.Type,
            _ => null,
        };
        if (argument == "Numbers")
            return value is not null && IsListOfNumbers(value) ? null : $"\"{type.Name}\" has no property or field \"{member}\" that is an array or list of int";
        return value is not null && AxisParser.IsInteger(value.SpecialType) ? null : $"\"{type.Name}\" has no property or field \"{member}\" of an integer type";
    }

    private static bool IsListOfNumbers(ITypeSymbol type) =>
        type is IArrayTypeSymbol { IsSZArray: true, ElementType.SpecialType: SpecialType.System_Int32 } || type.AllInterfaces.Append(type as INamedTypeSymbol).Any(static list =>
            list is { OriginalDefinition.SpecialType: SpecialType.System_Collections_Generic_IReadOnlyList_T, TypeArguments: [{ SpecialType: SpecialType.System_Int32 }] });
}
