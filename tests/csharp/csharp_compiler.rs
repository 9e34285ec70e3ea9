//! What a current compiler says of the C# binding: as projects for netstandard2.0 compile it, and to
//! callers who want to be told where null may be.

use std::path::Path;

use daxsign_tests::csharp::{VERIFYING_CHECKS, binding, built, keys, root, sources, text};
use daxsign_tests::dotnet::Runtime;
use daxsign_tests::folder::Folder;
use daxsign_tests::native::succeeds;
use daxsign_tests::roslyn;

/// C# 7.3 is the language of projects for netstandard2.0. Warnings are errors.
#[test]
fn as_for_netstandard_it_compiles_and_works() {
    let folder = Folder::default();
    let library = folder.path("Daxsign.dll");
    let mut compiler = roslyn::framework_compiler();
    compiler
        .args(["-target:library", "-unsafe"])
        .arg(format!("-doc:{}", folder.path("Daxsign.xml").display()))
        .arg(format!("-out:{}", library.display()))
        .args(sources(&binding().join("src")));
    succeeds(&mut compiler, roslyn::PACKAGES);
    let tests = sources(&root().join("tests/csharp"));
    let program = Runtime::Mono.program(&tests, &library, "tests");
    let output = Runtime::Mono.run(&program, ["verifying", &keys()]);
    let said = text(Runtime::Mono, "verifying", &output);
    assert_eq!(
        said.lines().last(),
        Some(&*format!("checks {VERIFYING_CHECKS}"))
    );
}

#[test]
fn callers_are_told_where_null_may_be() {
    let folder = Folder::default();
    let source = folder.write("nulls.cs", NULLS);
    let found = warned(&folder, &source);
    let marked: Vec<usize> = NULLS
        .lines()
        .enumerate()
        .filter(|(_, line)| line.contains("// null"))
        .map(|(at, _)| at + 1)
        .collect();
    assert_eq!(marked.len(), 7);
    assert_eq!(found, marked);
}

/// The lines of which the compiler says that null is used or given there.
fn warned(folder: &Folder, source: &Path) -> Vec<usize> {
    const DEREFERENCED: &str = "CS8602";
    const ASSIGNED: &str = "CS8600";
    const GIVEN: &str = "CS8625";
    let output = roslyn::net8_compiler()
        .args(["-nullable:enable", "-target:library"])
        .arg(format!("-r:{}", built(Runtime::Net8).library.display()))
        .arg(format!("-out:{}", folder.path("nulls.dll").display()))
        .arg(source)
        .output()
        .expect("the compiler");
    let said = String::from_utf8_lossy(&output.stdout);
    let mut lines = Vec::new();
    for line in said.lines() {
        let known = [DEREFERENCED, ASSIGNED, GIVEN];
        assert!(known.iter().any(|code| line.contains(code)), "{said}");
        let place = line.split("nulls.cs(").nth(1).expect("a place");
        lines.push(place.split(',').next().unwrap().parse().expect("a line"));
    }
    lines.sort_unstable();
    lines
}

const NULLS: &str = r#"
using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using Daxsign;
using Daxsign.Api;

internal static class Nulls
{
    internal static async Task<int> Use(DaxClient client, DaxInstance target, DaxPrivateKey key)
    {
        var signer = new DaxSigner(key, DaxProfile.VendorSdk, null);
        var wrong = new DaxSigner(key: null, DaxProfile.VendorSdk); // null
        DaxResponse<CardOwner> answer = await client.CallAsync(new GetCardOwner(target, Guid.Empty), null);
        int length = answer.Data.CardOwnerId.GetHashCode() + answer.Messages.Count + answer.Data.Cards.Count;
        length += answer.Context.Length; // null
        length += answer.CorrelationId?.Length ?? 0;
        string comment = answer.Data.Comment; // null
        long? left = answer.RateLimit.Remaining; // null
        var create = new CreateCardOwner(target, new Dictionary<string, string>(), "Öberg", 1, "Åsa")
        {
            Comment = null,
            PinCode = null,
            FamilyName = null, // null
        };
        try
        {
            await foreach (CardOwner owner in client.ItemsAsync(new ListCardOwners(target)))
            {
                length += owner.SpecificName?.Length ?? 0;
            }
        }
        catch (DaxApiException error)
        {
            length += error.Messages.Count + error.Body.Length; // null
        }
        var options = new DaxCallOptions { Context = null };
        await client.CallAsync<CardOwner>(null, options); // null
        return length + (comment == null ? 0 : 1) + (left == null ? 0 : 1) + (wrong == signer ? 0 : 1)
            + (create == null ? 0 : 1);
    }
}
"#;
